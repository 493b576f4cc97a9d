import nock from 'nock';

// A unit spec speaks to nobody: a call that no spec prepared fails, and says which it was.
nock.disableNetConnect();
