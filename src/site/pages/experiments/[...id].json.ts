/** The trace of each experiment, for its stepper. The table in the lesson needs no script; this is fetched when it comes near. */

import type { APIRoute } from 'astro';
import { experimentIds, traceOf } from '../../experiments.ts';

export const getStaticPaths = () => experimentIds.map((id) => ({ params: { id } }));

export const GET: APIRoute<Record<string, never>, { id: string }> = ({ params }) => Response.json(traceOf(params.id));
