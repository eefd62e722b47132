/* SPDX-License-Identifier: MIT */
/* model.h - tables of fields as simple as can be, to compare with. */
#ifndef TESTS_FUZZ_MODEL_H
#define TESTS_FUZZ_MODEL_H

#include <linehook/json.h>

struct json_object;

/*
 * What lhk_json_object must give for the object at J: by the pull reader, one
 * member after the other.  RET is zeroed first.
 */
int model_object (struct lhk_json *j, const struct lhk_fields *table,
		  void *ret);

/* Are two structs of the table equal by value?  Texts by form and bytes. */
int model_equal (const struct lhk_fields *table, const void *a, const void *b);

/* How json-c, which takes more, and the reader disagree on a line. */
enum {
	ORACLE_BOTH_REFUSE,
	ORACLE_BOTH_ACCEPT, /* and all values are equal */
	ORACLE_LAX,	    /* a known laxity of json-c */
	ORACLE_WRONG
};

/* Ask json-c about the line; WHY gets the laxity or what is wrong. */
int oracle_judge (const char *line, size_t len, const char **why);

#endif /* TESTS_FUZZ_MODEL_H */
