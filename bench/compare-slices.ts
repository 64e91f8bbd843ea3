import { answerAssignment } from './compare/slices-process.js';

/** The process that holds both builds: `bench:compare` starts it. */
process.stdout.write(await answerAssignment(process.argv[2]!));
