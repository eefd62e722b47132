module example.org/linehook

go 1.19
