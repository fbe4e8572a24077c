-- An upload is completed when its bytes are stored. READY is a state of media: all variants exist.
ALTER TYPE "upload_state" RENAME VALUE 'READY' TO 'COMPLETED';
