//! Saving a file the page has made.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// Offers text as a download.
///
/// # Errors
/// The browser makes no such file.
pub fn save(file_name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    save_blob(file_name, &blob)
}

/// Offers bytes as a download.
///
/// # Errors
/// The browser makes no such file.
pub fn save_blob(file_name: &str, blob: &Blob) -> Result<(), JsValue> {
    let document = super::document().ok_or("no document")?;
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    link.set_attribute("href", &address)?;
    link.set_attribute("download", file_name)?;
    link.click();
    Url::revoke_object_url(&address)
}
