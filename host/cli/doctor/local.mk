# SPDX-License-Identifier: MIT
# Part of the program.
cli_doctor_sources = \
	%D%/checks.c \
	%D%/cmd_doctor.c \
	%D%/doctor.h \
	%D%/finding.c \
	%D%/probe_agents.c \
	%D%/probe_cgroup.c \
	%D%/probe_files.c \
	%D%/probe_kernel.c \
	%D%/probe_loader.c \
	%D%/probe_plugins.c \
	%D%/probe_run.c \
	%D%/report.c \
	%D%/report_text.c \
	%D%/subprocess.c \
	$(NULL)
