import { thisDesk } from './desk.ts';
import { listCommand } from './list-command.ts';

process.exitCode = await listCommand(thisDesk(), process.argv.slice(2));
