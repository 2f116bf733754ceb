import { appSteps } from './app-steps'
import { assumptionSteps } from './assumption-steps'
import { multipartSteps } from './multipart-steps'
import { refusalSteps } from './refusal-steps'
import { serverSteps } from './server-steps'
import { signatureSteps } from './signature-steps'
import type { Step } from './step'

/** In this order. Each cares for itself: one that fails does not stop the others. */
export const STEPS: Step[] = [
  ...signatureSteps,
  ...serverSteps,
  ...multipartSteps,
  ...refusalSteps,
  ...appSteps,
  ...assumptionSteps,
]
