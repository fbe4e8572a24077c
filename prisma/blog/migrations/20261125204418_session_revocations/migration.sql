-- CreateTable
CREATE TABLE "session_revocation" (
    "session_id" UUID NOT NULL,
    "issued_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_revocation_pkey" PRIMARY KEY ("session_id")
);

-- CreateIndex
CREATE INDEX "session_revocation_issued_until_idx" ON "session_revocation"("issued_until");

