import { CHDB } from './chdb.ts'
import type { Component } from './component.ts'
import { KAFKA } from './kafka.ts'
import { TOXIPROXY } from './toxiproxy.ts'

export const COMPONENTS: readonly Component[] = [KAFKA, TOXIPROXY, CHDB]
