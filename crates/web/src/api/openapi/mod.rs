use crate::cx::Cx;
use crate::failure::Failure;
use axum::response::Response;
pub(super) async fn document(_cx: Cx) -> Result<Response, Failure> {
    Err(Failure::NotFound)
}
