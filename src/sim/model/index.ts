export * from './observer.js';
export * from './settings.js';
