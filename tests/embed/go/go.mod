module example.org/many_runs

go 1.19

require example.org/linehook v0.0.0

replace example.org/linehook => ../../../host/examples/go
