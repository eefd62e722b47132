/* SPDX-License-Identifier: MIT */
/*
 * member.h - members of an object that json-c has read.
 *
 * What is missing or of another type is not there: a record may hold anything.
 */
#ifndef JSON_MEMBER_H
#define JSON_MEMBER_H

#include <stdint.h>

#include <json-c/json.h>

/* The string under KEY, borrowed from OBJECT; "" if there is none. */
static inline const char *
json_member_word (json_object *object, const char *key)
{
	json_object *value;

	return json_object_object_get_ex (object, key, &value)
			       && json_object_is_type (value, json_type_string)
		       ? json_object_get_string (value)
		       : "";
}

/* The whole number from 0 to MAX under KEY: 1; or 0 if there is none, and *RET
 * is as it was. */
static inline int
json_member_number (json_object *object, const char *key, int64_t max,
		    int64_t *ret)
{
	json_object *value;
	int64_t n;

	if (!json_object_object_get_ex (object, key, &value)
	    || !json_object_is_type (value, json_type_int))
		return 0;
	n = json_object_get_int64 (value);
	if (n < 0 || n > max)
		return 0;
	*ret = n;
	return 1;
}

#endif /* JSON_MEMBER_H */
