//! Arguments of instructions: Borsh on the wire, with nothing after the last one.

use anchor_lang::prelude::*;

/// Declares an instruction's arguments. Unlike Anchor's own, they refuse trailing bytes: `InvalidInstructionData`, and a line in the
/// log that says so.
macro_rules! arguments {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, anchor_lang::AnchorSerialize, anchor_lang::IdlType)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)* }

        const _: () = {
            use anchor_lang::wincode::{SchemaRead, config::ConfigCore, error::ReadResult, io::Reader};

            // SAFETY: `TYPE_META` stays dynamic, and `destination` is written if and only if the result is `Ok`.
            unsafe impl<'de, C: ConfigCore> SchemaRead<'de, C> for $name
            where
                $($type: SchemaRead<'de, C, Dst = $type>,)*
            {
                type Dst = Self;

                #[inline(always)]
                #[allow(unused_variables, reason = "where there are no fields there is nothing to write")]
                fn read(mut reader: impl Reader<'de>, destination: &mut core::mem::MaybeUninit<Self>) -> ReadResult<()> {
                    let place = destination.as_mut_ptr();
                    $({
                        // SAFETY: the field lies within the destination, which is exclusively borrowed; nothing is read from it.
                        let field = unsafe { &mut *(&raw mut (*place).$field).cast::<core::mem::MaybeUninit<$type>>() };
                        <$type as SchemaRead<'de, C>>::read(reader.by_ref(), field)?;
                    })*
                    $crate::arguments::end(reader.by_ref())
                }
            }
        };
    };
}
pub(crate) use arguments;

arguments! {
    /// For instructions that take no arguments.
    pub struct NoArgs {}
}

/// Refuses bytes that are left.
#[inline(always)]
pub fn end<'de>(mut reader: impl anchor_lang::wincode::io::Reader<'de>) -> anchor_lang::wincode::error::ReadResult<()> {
    if reader.take_byte().is_err() {
        return Ok(());
    }
    msg!("microcred: there are bytes after the arguments");
    Err(anchor_lang::wincode::error::ReadError::Custom("there are bytes after the arguments"))
}
