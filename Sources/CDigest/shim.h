// libmd: MD5 and the other digests that data publishers list.
#include <sys/types.h>
#include <md5.h>
#include <sha2.h>
