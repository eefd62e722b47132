/* SPDX-License-Identifier: MIT */
/*
 * player.c - print a recorded stream at the pace of a real agent.
 *
 *	player [-f FACTOR] [-t MS] [-x STATUS] FILE
 *
 * One write per line, as the agents do it.  The pause before a line is that of
 * a model: short before a delta, longer before a whole message, longest after
 * a tool call.  -f makes it FACTOR times as fast; -t instead fits the whole
 * stream into MS milliseconds; -x is the exit status at the end.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FIRST_MS 300.0 /* until an agent has started */
#define DELTA_MS 35.0
#define WHOLE_MS 250.0
#define TOOL_MS 700.0 /* while a tool runs */

struct line {
	const char *data;
	size_t len;
};

/* What a pause is chosen by: the first that is found in the line. */
static const struct {
	const char *word;
	double before_ms, after_ms;
} paces[] = {
	{ "\"content_block_delta\"", DELTA_MS, 0.0 },
	{ "\"delta\":true", DELTA_MS, 0.0 },
	{ "\"stream_event\"", 0.0, 0.0 },
	{ "\"item.started\"", WHOLE_MS, TOOL_MS },
	{ "\"tool_result\"", 0.0, 0.0 },
	{ "\"tool_use\"", WHOLE_MS, TOOL_MS },
	{ "", WHOLE_MS, 0.0 },
};

static int
usage (void)
{
	fputs ("usage: player [-f FACTOR] [-t MS] [-x STATUS] FILE\n", stderr);
	return 2;
}

static int
give_up (const char *what, const char *name)
{
	fprintf (stderr, "player: %s '%s': %s\n", what, name, strerror (errno));
	return 2;
}

static size_t
find_pace (const struct line *l)
{
	size_t i;

	for (i = 0; paces[i].word[0] != '\0'; i++) {
		if (memmem (l->data, l->len, paces[i].word,
			    strlen (paces[i].word))
		    != NULL)
			break;
	}
	return i;
}

/* The next line, its newline included; 0 at the end. */
static int
next_line (const char **at, const char *end, struct line *l)
{
	const char *nl;

	if (*at == end)
		return 0;
	nl = memchr (*at, '\n', (size_t) (end - *at));
	l->data = *at;
	l->len = (size_t) ((nl != NULL ? nl + 1 : end) - *at);
	*at += l->len;
	return 1;
}

static double
sum_pauses (const char *data, size_t len)
{
	const char *at = data;
	double sum = FIRST_MS;
	struct line l;
	size_t pace;

	while (next_line (&at, data + len, &l)) {
		pace = find_pace (&l);
		sum += paces[pace].before_ms + paces[pace].after_ms;
	}
	return sum;
}

static int
write_all (const char *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write (STDOUT_FILENO, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t) n;
	}
	return 0;
}

/* Absolute times: what writing takes is not added to the pauses. */
static void
sleep_until (const struct timespec *start, double ms)
{
	struct timespec t = *start;
	const long ns = (long) (ms * 1e6) % 1000000000L;

	t.tv_sec += (time_t) (ms / 1000.0);
	t.tv_nsec += ns;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL)
	       == EINTR)
		;
}

static int
play (const char *data, size_t len, double factor)
{
	struct timespec start;
	const char *at = data;
	double ms = FIRST_MS;
	struct line l;
	size_t pace;

	clock_gettime (CLOCK_MONOTONIC, &start);
	while (next_line (&at, data + len, &l)) {
		pace = find_pace (&l);
		ms += paces[pace].before_ms;
		sleep_until (&start, ms / factor);
		if (write_all (l.data, l.len) < 0)
			return -1;
		ms += paces[pace].after_ms;
	}
	sleep_until (&start, ms / factor);
	return 0;
}

static int
read_file (const char *name, char **ret, size_t *ret_len)
{
	struct stat st;
	size_t have = 0;
	ssize_t n;
	char *data;
	int fd;

	fd = open (name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat (fd, &st) < 0)
		return -1;
	data = malloc ((size_t) st.st_size + 1);
	if (data == NULL)
		return -1;
	while (have < (size_t) st.st_size) {
		n = read (fd, data + have, (size_t) st.st_size - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		have += (size_t) n;
	}
	close (fd);
	*ret = data;
	*ret_len = have;
	return 0;
}

static int
to_number (const char *word, double least, double most, double *ret)
{
	char *end;

	*ret = strtod (word, &end);
	return end != word && *end == '\0' && *ret >= least && *ret <= most;
}

int
main (int argc, char **argv)
{
	double factor = 1.0, total = 0.0, status = 0.0;
	size_t len = 0;
	char *data;
	int opt, ok = 1;

	while ((opt = getopt (argc, argv, "f:t:x:")) != -1) {
		if (opt == 'f')
			ok &= to_number (optarg, 0.01, 1e6, &factor);
		else if (opt == 't')
			ok &= to_number (optarg, 1.0, 1e7, &total);
		else if (opt == 'x')
			ok &= to_number (optarg, 0.0, 255.0, &status);
		else
			ok = 0;
	}
	if (!ok || argc != optind + 1)
		return usage ();

	if (read_file (argv[optind], &data, &len) < 0)
		return give_up ("cannot read", argv[optind]);
	if (total > 0.0)
		factor = sum_pauses (data, len) / total;
	if (play (data, len, factor) < 0)
		return give_up ("cannot write", "stdout");
	free (data);
	return (int) status;
}
