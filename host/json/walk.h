/* SPDX-License-Identifier: MIT */
/*
 * walk.h - over one JSON value, whatever it is; a template.
 *
 * The file that includes it defines scan_string first, which takes the byte
 * behind the opening quote and returns the closing quote or NULL.  No check
 * against the end is needed: the text ends with '\n', which nothing here
 * accepts.
 */

/* All functions take P, the next byte, and return the byte behind what they
 * read; NULL means that j->error is set.
 */

static const char *
walk_skip_blanks (const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* Streams are written without blanks, so one comparison is the usual case. */
static inline const char *
walk_skip_blank (const char *p)
{
	return (uint8_t) *p > ' ' ? p : walk_skip_blanks (p);
}

static inline int
walk_is_digit (char c)
{
	return (uint8_t) (c - '0') < 10;
}

static inline int
walk_top_is_object (const struct lhk_json *j)
{
	const uint32_t top = j->depth - 1;

	return j->is_object[top >> 6] >> (top & 63) & 1;
}

static inline int
walk_push (struct lhk_json *j, const char *p, uint64_t is_object)
{
	const uint32_t top = j->depth;
	const uint64_t bit = (uint64_t) 1 << (top & 63);

	if (top == LHK_JSON_DEPTH) {
		lhk_json_fail (j, p, LHK_JSON_EDEPTH);
		return 0;
	}
	if (is_object)
		j->is_object[top >> 6] |= bit;
	else
		j->is_object[top >> 6] &= ~bit;
	j->depth = top + 1;
	return 1;
}

/* P is at the opening quote. */
static inline const char *
walk_string (struct lhk_json *j, const char *p, uint32_t *ret_form)
{
	const char *end = scan_string (p + 1, ret_form);

	return end ? end + 1 : lhk_json_string_error (j, p + 1);
}

/* P is at the dot or the exponent of a number. */
static const char *
walk_fraction (struct lhk_json *j, const char *p)
{
	if (*p == '.') {
		p++;
		if (!walk_is_digit (*p))
			return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
		while (walk_is_digit (*p))
			p++;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		if (!walk_is_digit (*p))
			return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
		while (walk_is_digit (*p))
			p++;
	}
	return p;
}

static inline const char *
walk_number (struct lhk_json *j, const char *p)
{
	if (*p == '-')
		p++;
	if (*p == '0') {
		p++;
	} else {
		if (!walk_is_digit (*p))
			return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
		while (walk_is_digit (*p))
			p++;
	}
	if (*p == '.' || *p == 'e' || *p == 'E')
		return walk_fraction (j, p);
	return p;
}

/* WORD has LEN >= 4 bytes.  It is compared at both ends first (the padding may
 * be read), and byte by byte only to find where it is wrong. */
static inline const char *
walk_word (struct lhk_json *j, const char *p, const char *word, size_t len)
{
	if (memcmp (p, word, 4) == 0 && p[len - 1] == word[len - 1])
		return p + len;
	while (*p == *word) {
		p++;
		word++;
	}
	return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
}

/* P is at a value that is no container. */
static inline const char *
walk_scalar (struct lhk_json *j, const char *p)
{
	uint32_t form;

	switch (*p) {
	case '"':
		return walk_string (j, p, &form);
	case 't':
		return walk_word (j, p, "true", 4);
	case 'f':
		return walk_word (j, p, "false", 5);
	case 'n':
		return walk_word (j, p, "null", 4);
	default:
		return walk_number (j, p);
	}
}

/* P is where a key must be.  Returns its value. */
static inline const char *
walk_key (struct lhk_json *j, const char *p)
{
	uint32_t form;

	if (*p != '"')
		return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
	p = walk_string (j, p, &form);
	if (p == NULL)
		return NULL;
	p = walk_skip_blank (p);
	if (*p != ':')
		return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
	return walk_skip_blank (p + 1);
}

/*
 * P is behind a value; close the containers that end here, down to BASE.
 * Returns the next value, or the end of all, with j->depth == BASE.
 */
static inline const char *
walk_on (struct lhk_json *j, const char *p, uint32_t base)
{
	int object;

	while (j->depth != base) {
		p = walk_skip_blank (p);
		object = walk_top_is_object (j);
		if (*p == ',') {
			p = walk_skip_blank (p + 1);
			return object ? walk_key (j, p) : p;
		}
		if (*p != (object ? '}' : ']'))
			return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
		j->depth--;
		p++;
	}
	return p;
}

/* P is at a value of any type. */
static const char *
walk_value (struct lhk_json *j, const char *p)
{
	const uint32_t base = j->depth;
	int object;

	do {
		if (*p != '{' && *p != '[') {
			p = walk_scalar (j, p);
		} else {
			object = *p == '{';
			if (!walk_push (j, p, (uint64_t) object))
				return NULL;
			p = walk_skip_blank (p + 1);
			if (*p != (object ? '}' : ']')) {
				if (object)
					p = walk_key (j, p);
				continue;
			}
			j->depth--;
			p++;
		}
		if (p != NULL)
			p = walk_on (j, p, base);
	} while (p != NULL && j->depth != base);
	return p;
}
