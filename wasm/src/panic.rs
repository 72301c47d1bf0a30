//! A panic becomes a JavaScript error that the loader recognises; it then makes a new instance, since
//! this one is not to be trusted any more.

/// To be run once, when the module is instantiated.
#[cfg_attr(feature = "start", wasm_bindgen::prelude::wasm_bindgen(start))]
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let error = js_sys::Error::new(&info.to_string());
        error.set_name("InternalError");
        wasm_bindgen::throw_val(error.into());
    }));
}
