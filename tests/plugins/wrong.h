/* SPDX-License-Identifier: MIT */
/*
 * wrong.h - every field of a wire, with a value of every wrong type.
 *
 * The rule: a value of the wrong type is as good as absent.  So a line with
 * such a value must give exactly the events of the line without the field; a
 * field that takes any value must at least break nothing.
 */
#ifndef TESTS_WRONG_H
#define TESTS_WRONG_H

#include <linehook/json.h>
#include <linehook/plugin.h>

/* A place inside an array, which no table of the line reaches. */
struct wrong_place {
	const char *pointer; /* RFC 6901, of the value */
	int kind;	     /* LHK_FIELD_* */
};

/*
 * For each of LINES (NULL-terminated, whole lines of the wire) and each field
 * of TABLE and of PLACES (pointer NULL ends; may be NULL).  Returns how many
 * lines were tried; each rule that is broken fails the case that runs.
 */
int wrong_types (const struct lhk_plugin *plugin,
		 const struct lhk_fields *table,
		 const struct wrong_place *places, const char *const *lines);

#endif /* TESTS_WRONG_H */
