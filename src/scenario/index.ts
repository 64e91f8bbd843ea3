export { formatProblem, type Problem, ScenarioError } from './problem.js';
