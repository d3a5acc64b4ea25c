import { thisDesk } from './desk.ts';
import { replayCommand } from './replay-command.ts';

process.exitCode = await replayCommand(thisDesk(), process.argv.slice(2));
