/** Error numbers; functions return them negated. Source: include/uapi/asm-generic/errno-base.h, v5.14. */

export const EINTR = 4;
export const EIO = 5;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const EINVAL = 22;
export const ENOTTY = 25;
