/* SPDX-License-Identifier: MIT */
/*
 * validate.h - events of a plugin become events that the host can rely on.
 *
 * Whatever a plugin emits, an event that has passed has valid texts, JSON where
 * JSON is due, and numbers in their range.  What is wrong with an event costs
 * it the member that is wrong, or itself, and no other event.
 */
#ifndef EVENT_VALIDATE_H
#define EVENT_VALIDATE_H

#include <linehook/host.h>
#include <linehook/json.h>

#include "event/copies.h"
#include "event/event_union.h"

/* What is checked, and what was found since validator_begin. */
struct validator {
	const struct lhk_alloc *alloc;
	struct copies copies; /* of what lies outside of the line */
	const struct lhk_json_ops *ops;
	const char *line; /* NULL: there is no line */
	size_t len;
	size_t faults;
	int lost_usage; /* one of them is of a usage event */
	/* Of the first fault: the kind of the event, its member (or NULL) and
	 * what was wrong and done; constants. */
	const char *kind;
	const char *member;
	const char *what;
};

/* ALLOC is borrowed until validator_done. */
void validator_init (struct validator *v, const struct lhk_alloc *alloc);
void validator_done (struct validator *v);

/* The events that follow are made of LEN bytes at LINE, with a newline and
 * padding behind them; NULL: of no line.  LINE is borrowed. */
void validator_begin (struct validator *v, const char *line, size_t len);

/* The events so far are no longer used: free what was copied of them. */
void validator_forget (struct validator *v);

/* Count a fault of an event of KIND.  MEMBER (or NULL) and WHAT are
 * constants. */
void validator_fault (struct validator *v, uint32_t kind, const char *member,
		      const char *what);

/*
 * Copy EVENT, which may be shorter or longer than the struct of this host, into
 * *RET; members that its writer did not know are zero.  What it points to in
 * the line stays there; all else is copied.
 *
 * LHK_OK.  LHK_EUNSUPPORTED for an unknown kind or one that a plugin must not
 * emit: RUN, or a final RESULT.  LHK_EINVAL for a size that cannot be, a NULL
 * array with a count, a text or bytes that are NULL with a length, or a plan
 * whose texts are bad; LHK_ENOMEM, or LHK_ELIMIT after more than LIMIT_COPIES
 * bytes of copies: it is for the caller to count these as faults.
 *
 * Other faults are counted and mended: a text that is no JSON body although its
 * form says so becomes PLAIN, an array with such a text is absent, and so is
 * JSON that is none (output becomes a text); a number out of its range becomes
 * the "other" or unset value of its enum, an unknown level becomes info, and
 * negative token counts and costs are absent.  A text whose form promises too
 * much gets the form that it has, and an id or name is cut to LIMIT_ID bytes;
 * that is no fault.  A role, status, scope or
 * verdict that is unset (0) is left out of the JSON.
 */
int event_validate (struct validator *v, const struct lhk_event *event,
		    union event_union *ret);

#endif /* EVENT_VALIDATE_H */
