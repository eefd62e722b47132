/* SPDX-License-Identifier: MIT */
/* event_output.c - the sinks behind --format. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/event_output.h"
#include "format/event_json.h"
#include "io/async_writer.h"
#include "common/error.h"
#include "common/mem.h"

/* Errors of a descriptor that nobody reads any more; EIO is that of a
 * terminal that has hung up. */
static int
is_gone (const struct output *o, int sys_errno)
{
	return sys_errno == EPIPE || sys_errno == EBADF
	       || sys_errno == ECONNRESET || (sys_errno == EIO && o->tty);
}

static void
lose (struct output *o, int sys_errno)
{
	if (o->lost_errno != 0)
		return;
	o->lost_errno = sys_errno;
	log_say (o->log, is_gone (o, sys_errno) ? LHK_LOG_WARN : LHK_LOG_ERROR,
		 "output",
		 "cannot write to standard output: %s; what follows "
		 "is dropped, the input is read to its end",
		 strerror (sys_errno));
}

static void
write_waiting (struct output *o, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write (o->fd, data, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { o->fd, POLLOUT, 0 };

			poll (&p, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			lose (o, errno);
			return;
		}
		data += n;
		len -= (size_t) n;
	}
}

static void
write_any (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->lost_errno != 0)
		return;
	o->mid_text = data[len - 1] != '\n';
	if (o->spill == NULL) {
		write_waiting (o, data, len);
		return;
	}
	async_writer_write (o->spill, data, len);
	if (async_writer_error (o->spill) != 0)
		lose (o, async_writer_error (o->spill));
}

int
output_init (struct output *o, const struct options *opts, struct log *log,
	     struct lhk_error *err)
{
	int tty = isatty (STDOUT_FILENO);
	unsigned int flags = tty ? FORMAT_TEXT_SAFE | FORMAT_TEXT_COLOR : 0;

	o->format = opts->format;
	if (o->format == FORMAT_AUTO)
		o->format = tty ? FORMAT_TEXT : FORMAT_EVENTS;
	o->json_flags = (opts->source ? FORMAT_JSON_SOURCE : 0u)
			| (opts->raw_events ? FORMAT_JSON_RAW : 0u);
	o->fd = STDOUT_FILENO;
	o->tty = tty;
	o->lost_errno = 0;
	o->mid_line = 0;
	o->mid_text = 0;
	o->pass_raw = opts->oversize == LHK_OVERSIZE_RAW;
	o->spill = NULL;
	o->wait = NULL;
	o->user = NULL;
	o->text = NULL;
	o->log = log;
	outbuf_init (&o->out, write_any, o);
	if (o->format == FORMAT_VERBOSE)
		flags |= FORMAT_TEXT_VERBOSE;
	else if (o->format != FORMAT_TEXT)
		return LHK_OK;
	o->text = format_text_new (&mem_system, flags);
	if (o->text == NULL)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	return LHK_OK;
}

int
output_wants_events (const struct output *o)
{
	return o->format != FORMAT_RAW && o->format != FORMAT_NONE;
}

void
output_through (struct output *o, struct async_writer *spill,
		void (*wait) (void *user, struct async_writer *spill),
		void *user)
{
	output_flush (o);
	o->spill = spill;
	o->wait = wait;
	o->user = user;
}

void
output_event (void *user, const struct lhk_meta *meta,
	      const struct lhk_event *event)
{
	struct output *o = user;

	if (o->lost_errno != 0)
		return;
	if (o->mid_line) {
		outbuf_byte (&o->out, '\n');
		o->mid_line = 0;
	}
	if (o->format == FORMAT_EVENTS)
		format_json_event (&o->out, meta, event, o->json_flags);
	else if (o->text != NULL)
		format_text_event (o->text, &o->out, event);
}

void
output_raw_line (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->format != FORMAT_EVENTS || !o->pass_raw || len == 0)
		return;
	outbuf_bytes (&o->out, data, len);
	o->mid_line = data[len - 1] != '\n';
}

void
output_bytes (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->format == FORMAT_RAW)
		outbuf_bytes (&o->out, data, len);
}

void
output_flush (struct output *o)
{
	outbuf_flush (&o->out);
}

/* A reader may take its time now: nothing else is left to do. */
static void
finish_spill (struct output *o)
{
	uint64_t lost, waiting;

	o->wait (o->user, o->spill);
	waiting = async_writer_waiting (o->spill);
	lost = async_writer_lost (o->spill) + waiting;
	if (async_writer_error (o->spill) != 0) {
		lose (o, async_writer_error (o->spill));
	} else if (lost > 0) {
		o->lost_errno = ENOMEM;
		log_say (o->log, LHK_LOG_ERROR, "output",
			 "%llu bytes of "
			 "output are lost: %s",
			 (unsigned long long) lost,
			 waiting > 0 ? "a signal came, and the reader of "
				       "standard output did not take them"
				     : "no memory and no disk to keep them in");
	}
	async_writer_free (o->spill);
	o->spill = NULL;
}

int
output_done (struct output *o)
{
	outbuf_flush (&o->out);
	if (o->spill != NULL)
		finish_spill (o);
	format_text_free (o->text);
	o->text = NULL;
	return is_gone (o, o->lost_errno) ? 0 : o->lost_errno;
}
