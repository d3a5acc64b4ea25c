/** Astro, told before it starts that nothing leaves this machine: its telemetry reads the variable once, when it is loaded. */

process.env.ASTRO_TELEMETRY_DISABLED = '1';

export const { build, dev } = await import('astro');
