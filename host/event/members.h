/* SPDX-License-Identifier: MIT */
/* members.h - what an event of each kind points to. */
#ifndef EVENT_MEMBERS_H
#define EVENT_MEMBERS_H

#include <linehook/event.h>

/* A member of an event; a name of NULL ends a list. */
struct event_member {
	const char *name;
	uint16_t offset;
	uint16_t max; /* bytes of a text, or 0: any number */
};

/* The array of a kind and its count lie next to each other. */
struct event_array {
	const void *elements;
	size_t n;
};

/* Besides its parent, which every event has. */
struct event_members {
	const char *name; /* of the kind; NULL: a plugin emits none of it */
	size_t size;
	struct event_member texts[6]; /* struct lhk_text */
	struct event_member json;     /* struct lhk_str */
	struct event_member array;    /* a pointer, with its count behind */
	uint16_t element; /* bytes of an element, which begins with a text */
};

/* Kinds that plugins emit are below. */
#define EVENT_MEMBERS (LHK_EV_RESULT + 1)

/* By kind. */
extern const struct event_members event_members[EVENT_MEMBERS];

/* Does a plugin emit events of KIND?  1 or 0. */
int event_has_members (uint32_t kind);

#endif /* EVENT_MEMBERS_H */
