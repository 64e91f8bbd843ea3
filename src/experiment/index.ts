export type { RouteAnswer } from './route-answer.js';
export { answerRouteQuestion, type RouteQuestion } from './route-query.js';
