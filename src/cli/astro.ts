/**
 * Astro, told before it starts that nothing leaves this machine: its telemetry reads the variable once, when it is loaded. And
 * where pages are served is told by `--base` alone: import.meta.env would have the environment's BASE_URL instead.
 */

process.env.ASTRO_TELEMETRY_DISABLED = '1';
delete process.env.BASE_URL;

export const { build, dev } = await import('astro');
