import { thisDesk } from './desk.ts';
import { kitCommand } from './kit-command.ts';

process.exitCode = await kitCommand(thisDesk(), process.argv.slice(2));
