// Boards in memory: the handler alone.

import { boardTests } from './suites.ts';
import { memoryBackend, openWorld } from './world.ts';

boardTests((options) => openWorld(memoryBackend, options));
