export { formatRouteText } from './formats/route-text.js';
