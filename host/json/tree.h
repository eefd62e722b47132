/* SPDX-License-Identifier: MIT */
/* tree.h - a json-c tree as JSON text, piece by piece. */
#ifndef JSON_TREE_H
#define JSON_TREE_H

struct json_object;
struct outbuf;

/*
 * Write TREE without white space, strings in the normal form of the JSON writer,
 * numbers as they were read.  json-c's own writer would make the whole text
 * in memory.  Stops early, with incomplete JSON, once *STOP is not 0: the
 * receiver of O's bytes sets it.  With a NULL STOP all of TREE is written.
 */
void json_tree_write (struct outbuf *o, struct json_object *tree,
		      const int *stop);

#endif /* JSON_TREE_H */
