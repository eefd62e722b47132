# Part of the program.
cli_doctor_sources = \
	%D%/checks.c \
	%D%/checks.h \
	%D%/cmd_doctor.c \
	%D%/probe_agents.c \
	%D%/probe_cgroup.c \
	%D%/probe_files.c \
	%D%/probe_kernel.c \
	%D%/probe_limits.c \
	%D%/probe_namespace.c \
	%D%/probe_plugins.c \
	%D%/probe_run.c \
	%D%/probe_start.c \
	%D%/report.c \
	%D%/subprocess.c \
	$(NULL)
