import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openGrader } from '#grade/node/grade';
import { checkCommand } from './check/command.ts';
import { requestOf } from './check/gradings.ts';
import { typeProblemsInThread } from './check/types-thread.ts';
import { thisDesk } from './desk.ts';

const { root, look, say, complain } = thisDesk();
const grader = openGrader({ root: pathToFileURL(join(root, '/')).href });
try {
  process.exitCode = await checkCommand(
    {
      root,
      look,
      say,
      complain,
      grade: (answer) => grader.grade(requestOf(answer)),
      typeProblems: typeProblemsInThread,
    },
    process.argv.slice(2),
  );
} finally {
  await grader.close();
}
