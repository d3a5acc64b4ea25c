import { thisDesk } from './desk.ts';
import { exploreCommand } from './explore-command.ts';

process.exitCode = await exploreCommand(thisDesk(), process.argv.slice(2));
