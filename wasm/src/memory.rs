//! The memory of the WebAssembly: who gives it out, and how it grows.
//!
//! In: how many bytes are to be compiled. Out: nothing; there is room for them. Never holds anything itself.

/// How many bytes a compilation needs for each byte of its sources, about.
const WORKING_SPACE: usize = 24;

/// More than this is not asked for before it is needed.
const MOST_ROOM: usize = 1 << 30;

/// Lets the memory grow at once as far as sources of so many bytes will need. It would grow by single
/// pages else, and leaves the WebAssembly for each: thousands of times for a large schema. What is asked
/// for is given back at once, and costs nothing until it is used.
pub(crate) fn make_room(bytes: usize) {
    let wanted = bytes.saturating_mul(WORKING_SPACE).min(MOST_ROOM);
    let mut room: Vec<u8> = Vec::new();
    // Where there is not so much, what is there may do.
    let _ = room.try_reserve_exact(wanted.saturating_sub(memory_size()));
    std::hint::black_box(&room);
}

/// How many bytes the memory has.
#[cfg(target_family = "wasm")]
fn memory_size() -> usize {
    std::arch::wasm32::memory_size::<0>() * (64 << 10)
}

#[cfg(not(target_family = "wasm"))]
const fn memory_size() -> usize {
    usize::MAX
}

#[cfg(target_family = "wasm")]
mod allocator {
    use talc::base::binning::{
        Binning, linear_extent_then_linearly_divided_exponential_binning as divided,
    };
    use talc::cell::TalcSyncCell;
    use talc::wasm::WasmGrowAndExtend;

    /// Quicker than the standard library's where there is one thread and no system below.
    #[global_allocator]
    static ALLOCATOR: TalcSyncCell<WasmGrowAndExtend, Lists> =
        TalcSyncCell::new_wasm(WasmGrowAndExtend::new());

    /// Which free pieces of memory share a list: of up to 512 bytes those of one size, beyond that four lists stand for
    /// each doubling. Who wants a piece looks where all are large enough. In `talc`'s own lists for WebAssembly, two
    /// for each doubling beyond 256 bytes, most pieces are therefore not found by those who want the same size
    /// again: a compilation took 7 % longer.
    struct Lists;

    impl Binning for Lists {
        type AvailabilityBitField = [u64; 2];

        #[inline]
        fn size_to_bin(size: usize) -> u32 {
            divided::<4, 8>(size)
        }
    }
}
