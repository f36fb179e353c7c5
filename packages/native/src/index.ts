// The native twin of the kernels: the same bits, compiled on this machine when a C++ compiler is there.
export {};
