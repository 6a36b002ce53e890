//! The allocator of the program, so that what is measured is what its users have.

#[cfg(all(feature = "cli", target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
