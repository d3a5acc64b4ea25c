/*
 * Real threads that fault on one mapping of a real PCI device's BAR, again and again.
 *
 *   racer DEVICE MODE THREADS ITERATIONS PAGES TRACED
 *
 * remap   T0 maps the BAR anew, then all threads read it at the same moment
 * toggle  the same, but T0 empties the mapping by switching the device's memory off and on
 * race    T0 switches the memory off while the others read, reads with the memory off (which must end in SIGBUS), and switches it on
 *
 * Thread i reads page i * PAGES / THREADS and runs on CPU i. It writes marks into the trace; its last line on standard output says
 * what came of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST_THREADS = 4, PAGE = 4096, COMMAND = 4, MEMORY = 2 };

static int threads, iterations, pages, traced, cpus;
static int device, log_fd, marks;
static off_t bar, config;
static char *mapping;

/* What came of it. */
static int done_iterations, contended;
static long faults, refused, stale;
static atomic_int faulting;

static void fail(const char *what)
{
	printf("LAB failed: racer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void say(int fd, const char *format, ...)
{
	char text[100];
	va_list values;

	va_start(values, format);
	int length = vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	if (fd >= 0 && write(fd, text, length) < 0)
		return; /* No trace, no mark. */
}

/* ---- the device ---- */

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path);
	close(fd);
}

static int group_of(const char *name)
{
	char path[200], target[200];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", name);
	ssize_t length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		fail(path);
	target[length] = 0;
	return atoi(strrchr(target, '/') + 1);
}

static off_t region(unsigned index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info))
		fail("VFIO_DEVICE_GET_REGION_INFO");
	return info.offset;
}

/* Gives the device to vfio-pci and opens it, as a virtual machine monitor does. */
static void open_device(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override", name);
	write_file(path, "vfio-pci");
	write_file("/sys/bus/pci/drivers_probe", name);
	int container = open("/dev/vfio/vfio", O_RDWR);
	snprintf(path, sizeof(path), "/dev/vfio/%d", group_of(name));
	int group = open(path, O_RDWR);
	if (container < 0 || group < 0)
		fail(path);
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) || ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU))
		fail("VFIO_SET_IOMMU");
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, name);
	if (device < 0)
		fail("VFIO_GROUP_GET_DEVICE_FD");
	bar = region(VFIO_PCI_BAR0_REGION_INDEX);
	config = region(VFIO_PCI_CONFIG_REGION_INDEX);
}

static void switch_memory(int on)
{
	unsigned short command;

	if (pread(device, &command, 2, config + COMMAND) != 2)
		fail("reading the command register");
	command = on ? command | MEMORY : command & ~MEMORY;
	if (pwrite(device, &command, 2, config + COMMAND) != 2)
		fail("writing the command register");
}

static void map_anew(void)
{
	if (mapping && munmap(mapping, (size_t)pages * PAGE))
		fail("munmap");
	mapping = mmap(0, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, device, bar);
	if (mapping == MAP_FAILED)
		fail("mmap");
}

/* ---- reading ---- */

static __thread sigjmp_buf back;

static void on_sigbus(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

/* Reads a word of the page; 0 if that ended in SIGBUS. */
static int reads(int page)
{
	if (sigsetjmp(back, 0))
		return 0;
	(void)*(volatile unsigned *)(mapping + (size_t)page * PAGE);
	return 1;
}

static int page_of(int thread)
{
	return thread * pages / threads;
}

static long own_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* ---- together ---- */

static atomic_int arrived, generation;

/* Spins, so that all leave at nearly the same moment; yields only where there are fewer CPUs than threads. */
static void barrier(void)
{
	int before = atomic_load(&generation);

	if (atomic_fetch_add(&arrived, 1) == threads - 1) {
		atomic_store(&arrived, 0);
		atomic_fetch_add(&generation, 1);
		return;
	}
	for (unsigned spins = 1; atomic_load(&generation) == before; spins++)
		if (threads > cpus && spins % 1024 == 0)
			sched_yield();
}

/* T0 empties the mapping, says so in the trace, and all start together: after one barrier they still come one by one, after three hardly. */
static void begin_iteration(int thread, int iteration, int toggles)
{
	barrier();
	if (thread == 0) {
		if (toggles) {
			switch_memory(0);
			switch_memory(1);
		} else
			map_anew();
		atomic_store(&faulting, 0);
		if (iteration <= 64 || iteration % 256 == 0)
			say(log_fd, "<6>LAB iteration %d\n", iteration);
		say(marks, "map=0x%lx pages=%d\n", (unsigned long)mapping, pages);
		say(marks, "iter=%d\n", iteration);
	}
	for (int round = 0; round < 3; round++)
		barrier();
}

static void end_iteration(int thread)
{
	barrier();
	if (thread == 0) {
		done_iterations++;
		contended += atomic_load(&faulting) > 1;
	}
	barrier();
}

static void fault_together(int thread, int toggles)
{
	for (int iteration = 1; iteration <= iterations; iteration++) {
		begin_iteration(thread, iteration, toggles);
		long before = own_faults();
		reads(page_of(thread));
		long more = own_faults() - before;
		if (more > 0) {
			atomic_fetch_add(&faulting, 1);
			__atomic_fetch_add(&faults, more, __ATOMIC_RELAXED);
		}
		end_iteration(thread);
	}
}

/* ---- race ---- */

static atomic_int iteration_is_over, enough;

/* Begun in main(): the clock lies in a mapping of its own, whose first fault is not to be traced. */
static unsigned chance;

/* Some time, of any order of magnitude. */
static void wait_at_random(void)
{
	chance = chance * 1103515245 + 12345;
	unsigned most = 4096u << (chance >> 16) % 10;
	chance = chance * 1103515245 + 12345;
	for (volatile unsigned spins = (chance >> 8) % most; spins > 0; spins--)
		;
}

/* The page that a fill maps last: where a zap came in the middle of a fill, this one is there afterwards. */
static void switch_off_and_read(void)
{
	wait_at_random();
	say(marks, "off\n");
	switch_memory(0);
	if (reads(pages - 1)) {
		stale++;
		say(marks, "stale=%d\n", pages - 1);
		atomic_store(&enough, traced);
	} else
		refused++;
	switch_memory(1);
	say(marks, "on\n");
	atomic_store(&iteration_is_over, 1);
}

/* One SIGBUS is enough for an iteration, and says that this thread was there while the memory was off. */
static void read_on(int thread)
{
	while (!atomic_load(&iteration_is_over)) {
		if (reads(page_of(thread)))
			continue;
		atomic_fetch_add(&faulting, 1);
		while (!atomic_load(&iteration_is_over))
			if (threads > cpus)
				sched_yield();
	}
}

static void race(int thread)
{
	for (int iteration = 1; iteration <= iterations && !atomic_load(&enough); iteration++) {
		if (thread == 0)
			atomic_store(&iteration_is_over, 0);
		begin_iteration(thread, iteration, 0);
		if (thread == 0) {
			atomic_fetch_add(&faulting, 1);
			switch_off_and_read();
		} else
			read_on(thread);
		end_iteration(thread);
	}
}

static const char *mode;

static void *thread_main(void *argument)
{
	int thread = (int)(long)argument;
	char name[16];
	cpu_set_t set;

	snprintf(name, sizeof(name), "T%d", thread);
	prctl(PR_SET_NAME, name);
	/* The trace of a dying kernel knows some threads by their number alone. */
	say(1, "LAB thread %s is %ld\n", name, (long)gettid());
	CPU_ZERO(&set);
	CPU_SET(thread % cpus, &set);
	sched_setaffinity(0, sizeof(set), &set);
	if (!strcmp(mode, "race"))
		race(thread);
	else
		fault_together(thread, !strcmp(mode, "toggle"));
	say(thread == 0 ? marks : -1, "end\n");
	return 0;
}

int main(int count, char **arguments)
{
	pthread_t ids[MOST_THREADS];
	struct sigaction action = { .sa_handler = on_sigbus, .sa_flags = SA_NODEFER };

	if (count != 7) {
		puts("LAB failed: racer: six arguments");
		return 2;
	}
	mode = arguments[2];
	threads = atoi(arguments[3]);
	iterations = atoi(arguments[4]);
	pages = atoi(arguments[5]);
	traced = atoi(arguments[6]);
	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	setvbuf(stdout, 0, _IOLBF, 0);
	log_fd = open("/dev/kmsg", O_WRONLY);
	marks = traced ? open("/sys/kernel/tracing/trace_marker", O_WRONLY) : -1;
	chance = time(0);
	open_device(arguments[1]);
	switch_memory(1);
	map_anew();
	sigaction(SIGBUS, &action, 0);
	for (long i = 0; i < threads; i++)
		pthread_create(&ids[i], 0, thread_main, (void *)i);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], 0);
	printf("LAB result iterations=%d contended=%d faults=%ld refused=%ld stale=%ld\n", done_iterations, contended, faults, refused,
	       stale);
	return 0;
}
