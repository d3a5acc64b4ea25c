import { thisDesk } from './desk.ts';
import { learnCommand } from './learn/command.ts';

process.exitCode = await learnCommand(thisDesk(), process.argv.slice(2), {
  input: process.stdin,
  output: process.stdout,
});
