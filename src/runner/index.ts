export { type LoadOptions, loadOrganization } from './load-file.js';
