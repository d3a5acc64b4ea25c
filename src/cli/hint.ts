import { thisDesk } from './desk.ts';
import { hintCommand } from './hint-command.ts';

process.exitCode = await hintCommand(thisDesk(), process.argv.slice(2));
