import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openGrader } from '#grade/node/grade';
import { checkCommand } from './check/command.ts';
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
      grade: ({ exercise, source, variant }) => {
        const request = { exercise, source, ...(variant === undefined ? {} : { variant }) };
        return grader.grade(request);
      },
      typeProblems: typeProblemsInThread,
    },
    process.argv.slice(2),
  );
} finally {
  await grader.close();
}
