import '@lienmach/contracts'; import { x } from './x.js'; export { x };
