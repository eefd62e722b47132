# Calls of tools.
tool_sources = \
	%D%/answer.c \
	%D%/decode.c \
	%D%/decode.h \
	%D%/decode_rules.c \
	%D%/decode_string.c \
	%D%/json_tree.c \
	%D%/message.c \
	%D%/number.c \
	%D%/number.h \
	%D%/outcome.c \
	%D%/redact.c \
	%D%/redact.h \
	%D%/redact_assignments.c \
	%D%/redact_literals.c \
	%D%/redact_parts.h \
	%D%/redact_tokens.c \
	%D%/request.c \
	%D%/request.h \
	%D%/result_json.c \
	%D%/stderr_capture.c \
	%D%/stderr_capture.h \
	%D%/tool.c \
	%D%/tool_api.c \
	%D%/tool_opts.c \
	%D%/tool_private.h \
	%D%/validate_env.c \
	%D%/validate_env.h \
	%D%/validate_id.c \
	%D%/validate_id.h \
	$(NULL)
