/** What codes for the room are made of and read with: for the workbench that shows one, and for the page that counts them. */

import type { APIRoute } from 'astro';
import { gauged } from '../../course.ts';

export const GET: APIRoute = () => Response.json(gauged);
