import { thisDesk } from './desk.ts';
import { newCommand } from './new-command.ts';

process.exitCode = await newCommand(thisDesk(), process.argv.slice(2));
