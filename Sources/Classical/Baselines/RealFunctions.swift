import Glibc

// The C library's functions under descriptive names; Foundation would bring them, and much else.

func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
