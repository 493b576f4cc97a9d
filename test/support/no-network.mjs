import { afterAll } from '@jest/globals';
import nock from 'nock';

// A unit spec speaks to nobody: a call that no spec prepared fails, and says which it was.
nock.disableNetConnect();
// each file has a nock of its own, all of a worker share Node's one `http`: one that held on to it would refuse what the next file prepares
afterAll(() => nock.restore());
