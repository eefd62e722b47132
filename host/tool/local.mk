# SPDX-License-Identifier: MIT
# Calls of tools.
tool_sources = \
	%D%/decode.c \
	%D%/decode.h \
	%D%/env_names.c \
	%D%/env_names.h \
	%D%/message.c \
	%D%/message.h \
	%D%/number.c \
	%D%/number.h \
	%D%/outcome.c \
	%D%/redact.c \
	%D%/redact.h \
	%D%/redact_assignments.c \
	%D%/redact_automaton.c \
	%D%/redact_given.c \
	%D%/redact_names.c \
	%D%/redact_private.h \
	%D%/redact_tokens.c \
	%D%/request.c \
	%D%/request.h \
	%D%/result_json.c \
	%D%/stderr_capture.c \
	%D%/stderr_capture.h \
	%D%/tool.c \
	%D%/tool_private.h \
	%D%/validate.c \
	%D%/validate.h \
	$(NULL)
