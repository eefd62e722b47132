/* SPDX-License-Identifier: MIT */
/* screen.c - what a command has done to the screen of a terminal, undone. */
#include "config.h"

#include "cli/output/screen.h"

/* Modes as xterm numbers them, and what they are in a shell. */
static const struct {
	uint32_t number;
	char usual; /* h: set, l: not set */
		    /* clang-format off: a table */
} modes[] = {
	{ 25, 'h' },   /* the cursor is seen */
	{ 1047, 'l' }, /* the other screen: this one moves nothing */
	{ 1049, 'l' }, /* if it was not shown */
	{ 47, 'l' },   { 7, 'h' }, /* lines wrap */
	{ 1, 'l' },		   /* cursor keys of applications */
	{ 1000, 'l' },		   /* the mouse, in many ways */
	{ 1002, 'l' }, { 1003, 'l' }, { 1005, 'l' },
	{ 1006, 'l' }, { 1015, 'l' }, { 1004, 'l' }, /* focus */
	{ 2004, 'l' }, /* what is pasted is marked */
	{ 2026, 'l' }, /* the picture stands still */
};
/* clang-format on */

#define N_MODES (sizeof modes / sizeof modes[0])
#define CURSOR (1u << 0)
#define OTHER_SCREEN (1u << 1)
#define COLOURS (1u << N_MODES)

enum { PLAIN = 0, ESCAPE, BEGUN, PRIVATE, ORDINARY };

static void
list_number (struct screen *s)
{
	size_t i;

	for (i = 0; i < N_MODES; i++)
		if (modes[i].number == s->number)
			s->listed |= 1u << i;
	s->number = 0;
}

static void
set_listed (struct screen *s, char how)
{
	size_t i;

	for (i = 0; i < N_MODES; i++) {
		if ((s->listed & 1u << i) == 0)
			continue;
		if (modes[i].usual == how)
			s->changed &= ~(1u << i);
		else
			s->changed |= 1u << i;
	}
}

static void
end_sequence (struct screen *s, char last)
{
	int state = s->state;
	uint32_t number = s->number;

	s->state = PLAIN;
	if (state == PRIVATE && (last == 'h' || last == 'l')) {
		list_number (s);
		set_listed (s, last);
	} else if (state != PRIVATE && last == 'm') {
		s->changed = number == 0 ? s->changed & ~COLOURS
					 : s->changed | COLOURS;
	}
}

static void
take (struct screen *s, char c)
{
	if (c == 0x1b) {
		s->state = ESCAPE;
	} else if (s->state == ESCAPE) {
		if (c == 'c') /* the terminal begins anew */
			s->changed = 0;
		s->state = c == '[' ? BEGUN : PLAIN;
		s->number = s->listed = 0;
	} else if (s->state == BEGUN && c == '?') {
		s->state = PRIVATE;
	} else if (c >= '0' && c <= '9') {
		if (s->state == BEGUN)
			s->state = ORDINARY;
		if (s->number < 100000)
			s->number = s->number * 10 + (uint32_t) (c - '0');
	} else if (c == ';') {
		list_number (s);
	} else if (c >= 0x40 && c <= 0x7e) {
		end_sequence (s, c);
	} else {
		s->state = PLAIN;
	}
}

void
screen_feed (struct screen *s, const char *data, size_t len)
{
	const char *end = data + len;

	while (data < end) {
		if (s->state == PLAIN) {
			data = memchr (data, 0x1b, (size_t) (end - data));
			if (data == NULL)
				return;
		}
		take (s, *data++);
	}
}

void
screen_doubt (struct screen *s)
{
	s->changed |= CURSOR | OTHER_SCREEN;
}

void
screen_undo (struct screen *s, struct outbuf *out)
{
	size_t i;

	for (i = 0; i < N_MODES; i++) {
		if ((s->changed & 1u << i) == 0)
			continue;
		OUT_LIT (out, "\x1b[?");
		outbuf_u64 (out, modes[i].number);
		outbuf_byte (out, modes[i].usual);
	}
	if ((s->changed & COLOURS) != 0)
		OUT_LIT (out, "\x1b[m");
	s->changed = 0;
	s->state = PLAIN;
}
